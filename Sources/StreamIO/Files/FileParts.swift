import PlainText
import StreamCore

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a file is written in parts: NAME.1, NAME.2, ... whole, and NAME that grows.
struct FileParts {
  /// The file that grows.
  let target: String
  /// Bytes from which on it is put aside.
  let size: Int
  /// Of the newest part.
  private var count = 0

  init(target: String, size: Int) {
    self.target = target
    self.size = size
  }

  /// Puts the file aside under the next free number and returns a new one, empty, with the permissions
  /// of `old`, which is still open. Nothing that exists is replaced.
  mutating func next(after old: Int32, name: String) throws(SinkError) -> Int32 {
    do throws(FileOpening.Failure) {
      let aside = try reserve()
      let isRenamed = unsafe target.withFileName { from in
        unsafe aside.withFileName { to in unsafe rename(from, to) == 0 }
      }
      guard isRenamed else {
        let error = SystemError.latest
        _ = unsafe aside.withFileName { unsafe unlink($0) }
        throw .system(error)
      }
      let number = try FileOpening.open(
        target, O_WRONLY | O_CREAT | O_EXCL, isStopped: { false })
      var status = stat()
      if unsafe fstat(old, &status) == 0 { _ = fchmod(number, status.st_mode & 0o7777) }
      return number
    } catch {
      throw .failed("\(name): its next part cannot be begun: \(error)")
    }
  }

  /// An empty file of the next free number, which holds the name until the part takes its place.
  private mutating func reserve() throws(FileOpening.Failure) -> String {
    while true {
      count += 1
      let aside = target + ".\(count)"
      do throws(FileOpening.Failure) {
        _ = close(
          try FileOpening.open(aside, O_WRONLY | O_CREAT | O_EXCL, isStopped: { false }))
        return aside
      } catch {
        guard case .system(let reason) = error, reason.code == EEXIST else { throw error }
      }
    }
  }
}

/// What a snapshot has of parts, and the way back to it.
extension FileParts {
  /// The file that grew when a snapshot was taken.
  struct Place {
    /// What the next part would have been called.
    var number = 0
    /// Of the file itself, whatever its name.
    var node: UInt64 = 0
    /// Nanoseconds since 1970.
    var day: Int64 = 0

    mutating func exchange(with archive: inout StateArchive) {
      archive.value(&number)
      archive.bits(&node)
      archive.value(&day)
      archive.check(number > 0)
    }
  }

  private func path(_ number: Int) -> String { target + ".\(number)" }

  /// Where the writing is now.
  var place: Place {
    var next = count + 1
    while FilePath.status(of: path(next)) != nil { next += 1 }
    let node = FilePath.status(of: target).map { UInt64($0.st_ino) } ?? 0
    return Place(number: next, node: node, day: DayClock.now())
  }

  /// The name of the file that grew at a place, if it was put aside since; nil where it still grows.
  func aside(from place: Place) -> String? {
    let name = path(place.number)
    guard let status = FilePath.status(of: name), UInt64(status.st_ino) == place.node else {
      return nil
    }
    return name
  }

  /// Gives the file that grew at a place its name back, in place of the one that was begun since, and removes the
  /// parts that came after it; false where it has its name. What was there before the snapshot stays.
  mutating func goBack(to place: Place) throws(SystemError) -> Bool {
    // Files keep the time to some milliseconds.
    let since = place.day - 1_000_000_000
    count = place.number - 1
    guard let aside = aside(from: place) else {
      // A run that was killed while it put the file aside left the name that it had taken.
      if let taken = FilePath.status(of: path(place.number)), taken.st_size == 0,
        Self.changed(taken) >= since
      {
        _ = unsafe path(place.number).withFileName { unsafe unlink($0) }
      }
      return false
    }
    var number = place.number + 1
    while let status = FilePath.status(of: path(number)), Self.changed(status) >= since {
      _ = unsafe path(number).withFileName { unsafe unlink($0) }
      number += 1
    }
    let isRenamed = unsafe aside.withFileName { from in
      unsafe target.withFileName { to in unsafe rename(from, to) == 0 }
    }
    guard isRenamed else { throw .latest }
    return true
  }

  /// When something was last written to a file, nanoseconds since 1970.
  private static func changed(_ status: stat) -> Int64 {
    #if canImport(Glibc)
      Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    #else
      Int64(status.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(status.st_mtimespec.tv_nsec)
    #endif
  }
}
