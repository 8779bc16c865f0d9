import Foundation

/// Memory that ends where a page begins that may be neither read nor written: a kernel that strays past the end of
/// what it was given stops the test run.
final class GuardedBuffer<Element: BitwiseCopyable> {
    let count: Int
    let start: UnsafeMutablePointer<Element>
    private let mapping: UnsafeMutableRawPointer
    private let mappedBytes: Int

    init(_ elements: [Element]) {
        let page = Int(getpagesize())
        let bytes = elements.count * MemoryLayout<Element>.stride
        let usable = (bytes + page - 1) / page * page
        count = elements.count
        mappedBytes = usable + page
        guard
            let mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0),
            mapping != MAP_FAILED
        else { preconditionFailure("mmap: errno \(errno)") }
        precondition(mprotect(mapping + usable, page, PROT_NONE) == 0, "mprotect: errno \(errno)")
        self.mapping = mapping
        start = (mapping + usable - bytes).bindMemory(to: Element.self, capacity: elements.count)
        start.update(from: elements, count: elements.count)
    }

    convenience init(repeating element: Element, count: Int) {
        self.init(Array(repeating: element, count: count))
    }

    deinit { munmap(mapping, mappedBytes) }

    var elements: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

extension GuardedBuffer<Float> {
    /// What "the same bits" is checked on: `==` would take -0 for 0 and nothing for a NaN.
    var bits: [UInt32] { elements.map(\.bitPattern) }
}
