/// A stretch of a block, and what takes its place.
package struct WovenSegment: Sendable {
    /// In the block's text, in bytes.
    package var range: Range<Int>
    /// nil where the segment stays as it is.
    package var output: String?
    /// Of the output with the segment; marks within the segment follow it.
    package var alignment: WordAlignment?
    /// What stands before the output where nothing parts the segment from the last.
    package var joint: String

    package init(range: Range<Int>, output: String?, alignment: WordAlignment? = nil, joint: String = "") {
        self.range = range
        self.output = output
        self.alignment = alignment
        self.joint = joint
    }
}
