import Tensors

/// A set of tokens that is cleared in constant time.
///
/// Owned by one thread.
package final class TokenMarks {
    private let marks: AlignedBuffer<UInt32>
    private var current: UInt32 = 0

    package init(vocabularySize: Int) {
        marks = AlignedBuffer(count: vocabularySize)
    }

    /// In bytes.
    package var byteCount: Int { marks.byteCount }

    package func clear() {
        current &+= 1
        if current == 0 {
            marks.pointer.update(repeating: 0, count: marks.count)
            current = 1
        }
    }

    /// Returns whether the token was not in the set.
    package func insert(_ token: Int32) -> Bool {
        defer { marks.pointer[Int(token)] = current }
        return marks.pointer[Int(token)] != current
    }
}
