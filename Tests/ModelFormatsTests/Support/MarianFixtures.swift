import Foundation

extension Fixtures {
    /// A model in Marian's own files.
    static func marian(_ name: String) -> URL {
        file("../../Goldens/marian/\(name)").standardizedFileURL
    }
}

/// Marian's options, as an `.npz` archive has them: for tests that change a key of them where it lies.
struct MarianArchive {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Replaces a text by another, which is filled up with spaces to be as long. Whoever reads archives does not ask for
    /// the checksums of their entries.
    mutating func replace(_ old: String, _ new: String) {
        let found = Array(old.utf8), filler = String(repeating: " ", count: old.utf8.count - new.utf8.count)
        // Before a line's end: at the start of the next one it would mean something.
        let padded = Array((new.hasSuffix("\n") ? String(new.dropLast()) + filler + "\n" : new + filler).utf8)
        guard
            let start = bytes.indices.first(where: {
                $0 + found.count <= bytes.count && bytes[$0] == found[0]
                    && bytes[$0..<$0 + found.count].elementsEqual(found)
            })
        else { preconditionFailure("no \(old) in the archive") }
        bytes.replaceSubrange(start..<start + found.count, with: padded)
    }
}
