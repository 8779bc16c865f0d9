internal import Tensors

/// What is often saved in the place of a model's file, and is told by its first bytes whatever its name.
enum ForeignContents {
    /// What Git leaves in the place of a large file that was not fetched (git-lfs, `docs/spec.md`).
    private static let pointerStart = "version https://git-lfs.github.com/spec/"
    private static let pointerBytesMax = 1024
    private static let htmlStarts = ["<!doctype html", "<html"]

    static func refuse(_ bytes: UnsafeRawBufferPointer, file: String) throws(ModelError) {
        if bytes.count <= pointerBytesMax, bytes.starts(with: pointerStart.utf8) {
            let size = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("size ") }
            throw ModelError(
                .malformedFile, file: file, "a Git LFS pointer, not the file that it stands for",
                expected: size.map { "\($0.dropFirst(5)) bytes" }, found: "\(bytes.count)",
                remedy: "in the folder, run git lfs pull, or download the file itself")
        }
        let start = bytes.prefix(256).drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        let text = String(decoding: start, as: UTF8.self).lowercased()
        if htmlStarts.contains(where: text.hasPrefix) {
            throw ModelError(
                .malformedFile, file: file, "a page of HTML, saved in the place of the file",
                remedy: "download the file itself: on the hub its address has /resolve/, not /blob/")
        }
    }
}

extension MappedFile {
    /// Maps a file of a model, in its readers' terms for what can go wrong.
    convenience init(model path: String, isReadOften: Bool = false) throws(ModelError) {
        do {
            try self.init(path: path, isReadOften: isReadOften)
        } catch {
            throw ModelError(
                error.isMissing ? .missingFile : .unreadableFile, file: path, "\(error.call): \(error.reason)")
        }
        try ForeignContents.refuse(bytes, file: path)
    }
}
