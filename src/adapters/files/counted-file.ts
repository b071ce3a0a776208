// A new file whose bytes are counted and hashed as they are written, so that what a manifest says of it is what was sent
// to the disk and not what was read back.

import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

export type CountedFile = Readonly<{
  write: (bytes: Uint8Array) => Promise<void>;
  /** resolves when every byte is on disk */
  end: () => Promise<Readonly<{ bytes: number; sha256: string }>>;
  drop: () => Promise<void>;
}>;

/** Opens a new file of mode 0600. Throws what the disk says. */
export async function openCounted(path: string): Promise<CountedFile> {
  const file = await open(path, "wx", 0o600);
  const hash = createHash("sha256");
  let written = 0;
  return {
    write: async (bytes) => {
      hash.update(bytes);
      written += bytes.length;
      await file.writeFile(bytes);
    },
    end: async () => {
      await file.sync();
      await file.close();
      return { bytes: written, sha256: hash.digest("hex") };
    },
    drop: () => file.close(),
  };
}
