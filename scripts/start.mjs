// `npm start`: builds what is not built, then runs the main job in this process, so that Ctrl-C reaches it.
// Arguments go to `tallystick demo`: npm start -- --file payments.xml --exit
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const wantedNode = [20, 19]

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < wantedNode[0] || (major === wantedNode[0] && minor < wantedNode[1])) {
  console.error(
    `error NODE_TOO_OLD: Node ${process.versions.node} runs this, ${wantedNode.join('.')} or later is wanted`,
  )
  process.exit(2)
}
if (!existsSync(join(root, 'node_modules', 'typescript7'))) {
  console.error('error NOT_INSTALLED: the dependencies are not installed\n  Run `npm ci` first.')
  process.exit(2)
}

// The compiler's build mode compares sources itself: a second or less where nothing changed.
const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs'), '--shipped'], {
  cwd: root,
  stdio: 'inherit',
})
if (build.status !== 0) {
  console.error('error BUILD_FAILED: the build failed; its messages stand above')
  process.exit(1)
}

process.argv.splice(2, 0, 'demo')
await import(new URL('../cli/dist/bundle/main.js', import.meta.url))
