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

    /// In bytes. A cache line more than the row needs: rows at multiples of 4096 bytes would all compete for the same
    /// few lines of the processor's cache.
    private let stride: Int
    /// Pages are allocated some at a time, as many as one of the processor's huge pages has room for: attention jumps from
    /// row to row, and each jump would have to look up another small one.
    private let slabPages: Int
    private var slabs: [Slab] = []
    private typealias Slab = AlignedBuffer<UInt8>
    private var pageCount = 0
    private var freePages: [Int] = []

    package init(configuration: ModelConfiguration, format: KeyValueFormat) {
        let decoder = configuration.decoder
        stride = format.byteCount(decoder.layers * 2 * decoder.attentionWidth) + Slab.cacheLine
        slabPages = max(1, Slab.hugePage / (Self.pageRows * stride))
    }

    /// The memory of all pages that were ever in use, in bytes.
    package var byteCount: Int { pageCount * Self.pageRows * stride }

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
    package func take(for lease: inout Lease) -> UnsafeMutableRawPointer {
        if lease.used == Self.pageRows {
            lease.pages.append(takePage())
            lease.used = 0
        }
        defer { lease.used += 1 }
        let page = lease.pages[lease.pages.count - 1]
        let slab = UnsafeMutableRawPointer(slabs[page / slabPages].pointer)
        return slab + (page % slabPages * Self.pageRows + lease.used) * stride
    }

    /// Gives all rows of a lease back.
    package func giveBack(_ lease: inout Lease) {
        freePages.append(contentsOf: lease.pages)
        lease.pages.removeAll()
        lease.used = Self.pageRows
    }

    private func takePage() -> Int {
        if let page = freePages.popLast() { return page }
        if pageCount == slabs.count * slabPages {
            slabs.append(Slab(count: max(slabPages * Self.pageRows * stride, Slab.hugePage)))
            freePages.reserveCapacity(slabs.count * slabPages)
        }
        pageCount += 1
        return pageCount - 1
    }
}
