// Preloaded into a validator: the process kills itself at one of the places where it writes, in whichever thread that is.
//   CRASH_AT    "<file> <operation> <moment>", such as "journal write torn"; nothing dies without it
//   CRASH_NTH   at which of these calls, 1 by default
//   CRASH_MARK  this file gets CRASH_AT right before the end, so that no other end is taken for it
//   CRASH_SEEN  this file gets a line "<file> <operation>" for each place that was reached
// Moments: `before` the call; `torn`, with half of the bytes written; `after` the call, before anything that follows; `lost`, after it
// and as if the power had failed: what was not synced is gone, of files that are never synced half of it.
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { placeOf } from './write-places.mjs'

const { CRASH_AT: target, CRASH_MARK: mark, CRASH_SEEN: seenFile } = process.env
const { appendFileSync, fstatSync, readdirSync, statSync, writeSync } = fs
const original = { ...fs }
const promises = { ...fs.promises }
const seen = new Set()
const paths = new Map()
const handlePaths = new WeakMap()
/** What a power cut leaves of a file, in bytes. */
const synced = new Map()
let left = Number(process.env.CRASH_NTH ?? 1)

function die() {
  appendFileSync(mark, target)
  process.kill(process.pid, 'SIGKILL')
}

/** @returns The moment at which this call has to end the process; `undefined` if it is another call. */
function momentOf(path, operation) {
  const place = placeOf(path)
  if (place === undefined) return undefined
  const call = `${place} ${operation}`
  if (seenFile !== undefined && !seen.has(call)) {
    seen.add(call)
    appendFileSync(seenFile, `${call}\n`)
  }
  if (!target?.startsWith(`${call} `) || --left !== 0) return undefined
  return target.slice(call.length + 1)
}

const half = (chunks) => {
  const bytes = Buffer.concat(chunks)
  return bytes.subarray(0, Math.ceil(bytes.length / 2))
}

function powerCut(path, fd) {
  const kept = synced.get(path)
  const isDerived = /^(state|results)$/.test(placeOf(path))
  original.ftruncateSync(fd, kept + (isDerived ? Math.floor((fstatSync(fd).size - kept) / 2) : 0))
}

/** Around a call that writes `chunks` at `position` of an open file, or that does something else if there are none. */
function around(path, operation, call, { fd, chunks, position } = {}) {
  const moment = momentOf(path, operation)
  if (chunks !== undefined && !synced.has(path)) synced.set(path, fstatSync(fd).size)
  if (moment === 'before') die()
  if (moment === 'torn') {
    const bytes = half(chunks)
    writeSync(fd, bytes, 0, bytes.length, position)
    die()
  }
  const done = () => {
    if (moment === 'lost') powerCut(path, fd)
    if (moment !== undefined) die()
    if (operation.startsWith('sync') && fd !== undefined) synced.set(path, fstatSync(fd).size)
  }
  const result = call()
  if (typeof result?.then !== 'function') {
    done()
    return result
  }
  return result.then((value) => {
    done()
    return value
  })
}

fs.openSync = (path, ...rest) => {
  const fd = original.openSync(path, ...rest)
  paths.set(fd, String(path))
  return fd
}
fs.writevSync = (fd, chunks, position) =>
  around(paths.get(fd), 'write', () => original.writevSync(fd, chunks, position), { fd, chunks, position })
fs.ftruncateSync = (fd, length) => around(paths.get(fd), 'cut', () => original.ftruncateSync(fd, length))
fs.fdatasync = (fd, callback) => {
  const moment = momentOf(paths.get(fd), 'sync')
  if (moment === 'before') die()
  original.fdatasync(fd, (...results) => {
    if (moment !== undefined) die()
    callback(...results)
  })
}
fs.writeFileSync = (path, bytes, options) => {
  const moment = momentOf(path, 'write')
  if (moment === 'before') die()
  original.writeFileSync(path, moment === 'torn' ? half([bytes]) : bytes, options)
  if (moment !== undefined) die()
}
fs.renameSync = (from, to) => around(from, 'rename', () => original.renameSync(from, to))
fs.rmSync = (path, options) => around(path, 'delete', () => original.rmSync(path, options))

fs.promises.rename = (from, to) => around(from, 'rename', () => promises.rename(from, to))
fs.promises.rm = (path, options) => around(path, 'delete', () => promises.rm(path, options))
fs.promises.open = async (path, ...rest) => {
  const handle = await promises.open(path, ...rest)
  handlePaths.set(handle, String(path))
  return handle
}
const probe = await promises.open('/dev/null', 'r')
const FileHandle = Object.getPrototypeOf(probe)
await probe.close()
const { writev, write, datasync, sync, truncate } = FileHandle
FileHandle.writev = function (chunks, position) {
  return around(handlePaths.get(this), 'write', () => writev.call(this, chunks, position), {
    fd: this.fd,
    chunks,
    position,
  })
}
FileHandle.write = function (bytes, offset, length, position) {
  const chunks = [bytes.subarray(offset, offset + length)]
  const call = () => write.call(this, bytes, offset, length, position)
  return around(handlePaths.get(this), 'rewrite', call, { fd: this.fd, chunks, position })
}
FileHandle.datasync = function () {
  return around(handlePaths.get(this), 'sync', () => datasync.call(this), { fd: this.fd })
}
FileHandle.sync = function () {
  return around(handlePaths.get(this), 'sync', () => sync.call(this), { fd: this.fd })
}
FileHandle.truncate = function (length) {
  return around(handlePaths.get(this), 'cut', () => truncate.call(this, length))
}
syncBuiltinESMExports()

// LevelDB writes by itself: the calls stand for its files, and a torn write is one whose end is cut off its own log.
const { ClassicLevel } = createRequire(new URL('../../package.json', import.meta.url))('classic-level')
const { batch, put } = ClassicLevel.prototype
const newestLog = (folder) =>
  join(
    folder,
    readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .at(-1),
  )
function tornIndex(folder, bytesBefore) {
  const file = newestLog(folder)
  original.ftruncateSync(original.openSync(file, 'r+'), Math.floor((bytesBefore + statSync(file).size) / 2))
  die()
}
ClassicLevel.prototype.batch = function (...args) {
  const made = batch.apply(this, args)
  if (args.length > 0) return made
  const write = made.write
  made.write = function () {
    const moment = momentOf(join(this.db.location, 'index'), 'write')
    if (moment === 'before') die()
    const bytesBefore = moment === 'torn' ? statSync(newestLog(this.db.location)).size : 0
    return write.call(this).then((value) => {
      if (moment === 'torn') tornIndex(this.db.location, bytesBefore)
      if (moment !== undefined) die()
      return value
    })
  }
  return made
}
ClassicLevel.prototype.put = function (...args) {
  return around(join(this.location, 'index'), 'sync', () => put.apply(this, args))
}
