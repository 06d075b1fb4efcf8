import Foundation

/// A terminal that no one sits at: what a process writes to its own end comes out of the other.
struct PseudoTerminal {
  let controllingEnd: Int32
  let processEnd: Int32

  // From asm-generic/ioctls.h; Swift does not import macros that compute.
  private static let lockRequest: UInt = 0x4004_5431
  private static let numberRequest: UInt = 0x8004_5430

  init(columns: Int, rows: Int = 24) throws {
    controllingEnd = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var locked: Int32 = 0
    var number: Int32 = -1
    guard controllingEnd >= 0, unsafe ioctl(controllingEnd, Self.lockRequest, &locked) == 0,
      unsafe ioctl(controllingEnd, Self.numberRequest, &number) == 0
    else { throw POSIXError(.ENXIO) }
    processEnd = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    var size = winsize(
      ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard processEnd >= 0, unsafe ioctl(processEnd, UInt(TIOCSWINSZ), &size) == 0 else {
      throw POSIXError(.ENXIO)
    }
  }
}
