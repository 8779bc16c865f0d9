#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Zeroed memory for `count` elements, aligned for vector loads, and in huge pages where it is large.
///
/// The buffer does no bounds checks and knows nothing of who writes: that is for its one owner to settle.
package final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    // `@unchecked Sendable`: every buffer is either a weight, written only before it is shared, or part of a workspace,
    // which one thread owns.

    package let pointer: UnsafeMutablePointer<Element>
    package let count: Int

    /// The size of the buffer, in bytes.
    package var byteCount: Int { count * MemoryLayout<Element>.stride }

    package init(count: Int) {
        precondition(count >= 0, "a buffer's size cannot be negative")
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        precondition(!overflow, "a buffer's size must fit the address space")
        let hugePage = 2 << 20
        let alignment = bytes >= 2 * hugePage ? hugePage : 64
        // `aligned_alloc` wants a size that is a multiple of the alignment.
        let size = max((bytes + alignment - 1) / alignment * alignment, alignment)
        guard let memory = aligned_alloc(alignment, size) else {
            fatalError("out of memory: \(size) bytes could not be had")
        }
        if alignment == hugePage {
            // Advice: without huge pages everything works, only slower.
            _ = madvise(memory, size, MADV_HUGEPAGE)
        }
        memset(memory, 0, size)
        self.count = count
        pointer = memory.bindMemory(to: Element.self, capacity: count)
    }

    deinit {
        free(pointer)
    }
}
