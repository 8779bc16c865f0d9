#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Zeroed memory for `count` elements, aligned for vector loads. Large buffers are mapped by themselves, in huge pages
/// where there are any, and take no memory until they are written.
///
/// The buffer does no bounds checks and knows nothing of who writes: that is for its one owner to settle.
package final class AlignedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {
    // `@unchecked Sendable`: every buffer is either a weight, written only before it is shared, or part of a workspace,
    // which one thread owns.

    package let pointer: UnsafeMutablePointer<Element>
    package let count: Int

    /// The length of the mapping that holds the buffer; nil when it came from the allocator.
    private let mappedBytes: Int?

    /// The size of the buffer, in bytes.
    package var byteCount: Int { count * MemoryLayout<Element>.stride }

    package init(count: Int) {
        precondition(count >= 0, "a buffer's size cannot be negative")
        let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        precondition(!overflow, "a buffer's size must fit the address space")
        self.count = count
        let memory: UnsafeMutableRawPointer
        if bytes >= Self.hugePage {
            let size = (bytes + Self.hugePage - 1) / Self.hugePage * Self.hugePage
            memory = Self.map(size)
            mappedBytes = size
        } else {
            // `aligned_alloc` wants a size that is a multiple of the alignment.
            let size = max((bytes + Self.cacheLine - 1) / Self.cacheLine * Self.cacheLine, Self.cacheLine)
            guard let allocated = aligned_alloc(Self.cacheLine, size) else { Self.fail(size) }
            memset(allocated, 0, size)
            memory = allocated
            mappedBytes = nil
        }
        pointer = memory.bindMemory(to: Element.self, capacity: count)
    }

    deinit {
        if let mappedBytes {
            munmap(pointer, mappedBytes)
        } else {
            free(pointer)
        }
    }

    /// Maps `size` bytes at a multiple of the huge page's size: maps more, and gives the ends back.
    private static func map(_ size: Int) -> UnsafeMutableRawPointer {
        let whole = size + hugePage
        let base = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base, base != MAP_FAILED else { fail(size) }
        let before = (hugePage - Int(bitPattern: base) % hugePage) % hugePage
        if before > 0 { munmap(base, before) }
        if before < hugePage { munmap(base + before + size, hugePage - before) }
        // Advice: without huge pages everything works, only slower.
        _ = madvise(base + before, size, MADV_HUGEPAGE)
        return base + before
    }

    private static func fail(_ size: Int) -> Never {
        fatalError("out of memory: \(size) bytes could not be had")
    }

    /// The processor's, in bytes.
    package static var cacheLine: Int { 64 }
    package static var hugePage: Int { 2 << 20 }
}
