import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the lines of a project's contracts cost in its tests. */
export interface TestProfile {
  readonly files: readonly { readonly file: string; readonly lines: readonly object[] }[]
  readonly text: string
  readonly lcovPath: string
}

/** A folder for the processes of the tests, and what becomes of what they leave there. */
export async function beginProfile(): Promise<{
  readonly folder: string
  /** @param project - Where the contracts' files are; `lcov.info` is written there. */
  end(project: string): Promise<TestProfile>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'tallystick-profile-'))
  return {
    folder,
    async end(project) {
      // The kit's tools are loaded by commands that need them alone.
      const { describeProfile, lcovOf, Profile } = await import('@tallystick/contract-kit/testing')
      const { files } = Profile.load(folder)
      await rm(folder, { recursive: true, force: true })
      const lcovPath = join(project, 'lcov.info')
      await writeFile(lcovPath, lcovOf(files, project))
      return { files, text: describeProfile(files, project), lcovPath }
    },
  }
}
