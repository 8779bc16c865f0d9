internal import Archives
package import Foundation
internal import Tensors
internal import Wording

/// Files of an archive in a temporary folder, which goes with this object.
package final class UnpackedFolder: Sendable {
    package let url: URL

    /// Unpacks some of an archive's files.
    ///
    /// - Parameter path: A file's path in the new folder, by its name in the archive; nil for those that are left out.
    init(
        _ archive: ZipArchive, in file: MappedFile, path: (String) -> String?
    ) throws(ModelError) {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "dragoman-\(UUID().uuidString)", isDirectory: true)
        for (name, entry) in archive.files {
            guard let path = path(name) else { continue }
            let contents = try Self.contents(of: entry, name, in: file)
            let place = url.appendingPathComponent(path, isDirectory: false)
            do {
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                try withExtendedLifetime(contents) {
                    try Data(bytesNoCopy: $0.pointer, count: $0.count, deallocator: .none).write(to: place)
                }
            } catch {
                try? FileManager.default.removeItem(at: url)
                throw ModelError(
                    .unwritableFile, file: place.path, "the archive cannot be unpacked: \(error.reason)",
                    remedy: "make room there, or set TMPDIR to a folder that has some")
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    private static func contents(
        of entry: ZipArchive.Entry, _ name: String, in file: MappedFile
    ) throws(ModelError) -> AlignedBuffer<UInt8> {
        func malformed(_ problem: String) -> ModelError {
            ModelError(
                .malformedFile, file: file.path, "its entry \(ModelError.quoted(name)) \(problem)",
                remedy: "the download may be incomplete")
        }
        guard ZipArchive.isPossible(entry) else { throw malformed("cannot have \(entry.byteCount) bytes") }
        let buffer = AlignedBuffer<UInt8>(count: entry.byteCount)
        let output = UnsafeMutableRawBufferPointer(start: buffer.pointer, count: buffer.count)
        do {
            try ZipArchive.read(entry, of: file.bytes, into: output)
        } catch {
            switch error {
            case .impossibleSize: throw malformed("cannot have \(entry.byteCount) bytes")
            case .damaged: throw malformed("is damaged")
            case .otherSize: throw malformed("does not have the \(entry.byteCount) bytes that it should have")
            case .otherChecksum:
                throw ModelError(
                    .checksumMismatch, file: file.path, "its entry \(ModelError.quoted(name)) is not what was written",
                    remedy: "the download may be incomplete")
            }
        }
        return buffer
    }
}
