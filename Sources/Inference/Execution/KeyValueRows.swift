import CKernels
import Tensors

/// The cache of attention keys and values: rows of `[layer][key, value][attentionWidth]`, one a token, in pages that
/// come and go with segments.
///
/// Both the decoder's own tokens and the encoder's states are kept in such rows. A hypothesis is a list of pointers to
/// rows, so that beams share what they have in common and reordering them moves no key and no value.
///
/// Owned by one thread.
package final class KeyValueRows {
    /// Rows a page.
    package static let pageRows = 16

    /// In floats. A cache line more than the row needs: rows at multiples of 4096 bytes would all compete for the same
    /// few lines of the processor's cache.
    private let stride: Int
    private var pages: [AlignedBuffer<Float>] = []
    private var freePages: [Int] = []

    package init(configuration: ModelConfiguration) {
        let decoder = configuration.decoder
        stride = decoder.layers * 2 * decoder.attentionWidth + Int(DRAGOMAN_LANES)
    }

    /// The memory of all pages, in use or not, in bytes.
    package var byteCount: Int { pages.reduce(0) { $0 + $1.byteCount } }

    /// The rows of one segment, taken one by one and given back together.
    package struct Lease {
        fileprivate var pages: [Int] = []
        fileprivate var used = KeyValueRows.pageRows

        /// - Parameter rows: How many rows may be taken without an allocation for the list of pages.
        package init(reserving rows: Int) {
            pages.reserveCapacity((rows + KeyValueRows.pageRows - 1) / KeyValueRows.pageRows)
        }
    }

    /// Returns the next row of a lease.
    package func take(for lease: inout Lease) -> UnsafeMutablePointer<Float> {
        if lease.used == Self.pageRows {
            lease.pages.append(takePage())
            lease.used = 0
        }
        defer { lease.used += 1 }
        return pages[lease.pages[lease.pages.count - 1]].pointer + lease.used * stride
    }

    /// Gives all rows of a lease back.
    package func giveBack(_ lease: inout Lease) {
        freePages.append(contentsOf: lease.pages)
        lease.pages.removeAll()
        lease.used = Self.pageRows
    }

    private func takePage() -> Int {
        if let page = freePages.popLast() { return page }
        pages.append(AlignedBuffer(count: Self.pageRows * stride))
        freePages.reserveCapacity(pages.count)
        return pages.count - 1
    }
}
