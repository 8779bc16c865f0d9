import Checksums

extension SafeTensorsHeader {
    /// The checksum of all that a header says, but for the checksum itself: a line for each key of the metadata, in the
    /// order of their bytes, and one for each tensor, in that of their data.
    static func checksum(
        _ entries: [(name: String, entry: Entry)], _ metadata: [String: String], dataStart: Int
    ) -> String {
        var checksum = XXHash64()
        let keys = metadata.keys.filter { $0 != SafeTensorsWriter.headerChecksum }
        for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            checksum.add("\(key)=\(metadata[key] ?? "")\n")
        }
        let ordered = entries.sorted {
            ($0.entry.range.lowerBound, $0.entry.range.upperBound) < (
                $1.entry.range.lowerBound, $1.entry.range.upperBound
            )
        }
        for (name, entry) in ordered {
            let (start, end) = (entry.range.lowerBound - dataStart, entry.range.upperBound - dataStart)
            checksum.add("\(name) \(entry.dtype) \(entry.shape) \(start) \(end)\n")
        }
        return checksum.text
    }
}
