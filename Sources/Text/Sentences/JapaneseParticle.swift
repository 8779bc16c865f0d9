/// Japanese goes on after a quoted sentence with a particle: 「はい。」と言った。
enum JapaneseParticle {
    /// Whether a particle stands at an offset.
    static func follows(_ offset: Int, in line: LineScalars) -> Bool {
        guard let first = line.scalar(at: offset), first.isHiragana else { return false }
        let second = line.scalar(at: line.after(offset))
        switch first {
        // Not とても, ところ, ときに, とにかく, ともかく, とりあえず.
        case "と": return !["て", "こ", "き", "に", "も", "り"].contains(second)
        // って, なんて, など.
        case "っ": return true
        case "な": return second == "ど" || second == "ん"
        // Words in hiragana begin with these as well.
        case "を", "が", "の", "に", "へ", "は", "も", "で": return second.map { !$0.isHiragana && $0.isAlphanumeric } ?? false
        default: return false
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isHiragana: Bool { (0x3041...0x309F).contains(value) }
}
