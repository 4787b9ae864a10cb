// Preloaded into a validator: its locks have names of their own, as if it ran on another machine.
import { Server } from 'node:net'

const { listen } = Server.prototype
Server.prototype.listen = function (...args) {
  const [options] = args
  if (typeof options?.path === 'string' && options.path.includes('tallystick-')) options.path += `-${process.pid}`
  return listen.apply(this, args)
}
