import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../support/database.ts'

const { db, close } = await freshDatabase()
afterAll(close)

test('reads one', async () => {
  expect(await db.query('select 1 as one, now() as t, 5::int8 as b, date \'2024-02-29\' as d, 1.50::numeric n')).toEqual([{}])
})
