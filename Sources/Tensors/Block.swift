/// Read-only memory that a layer computes with: made when a model is loaded, or mapped from a file where it lies ready.
///
/// `owner` is held so that the memory outlives every view of it.
package struct Block<Element: BlockElement>: @unchecked Sendable {
    // `@unchecked Sendable`: the memory is never written after the view is made, and `owner` is only retained, never used.

    package let pointer: UnsafePointer<Element>
    package let count: Int
    private let owner: AnyObject

    package init(_ buffer: AlignedBuffer<Element>) {
        pointer = UnsafePointer(buffer.pointer)
        count = buffer.count
        owner = buffer
    }

    package init(_ elements: some Collection<Element>) {
        let buffer = AlignedBuffer<Element>(count: elements.count)
        for (index, element) in elements.enumerated() { buffer.pointer[index] = element }
        self.init(buffer)
    }

    /// - Parameter bytes: Of `count` elements or more, aligned for them; not empty.
    package init(_ bytes: UnsafeRawBufferPointer, count: Int, owner: AnyObject) {
        precondition(bytes.count >= count * MemoryLayout<Element>.stride, "a block's bytes must hold its elements")
        guard let base = bytes.baseAddress, Int(bitPattern: base) % MemoryLayout<Element>.alignment == 0 else {
            preconditionFailure("a block must be aligned for its elements")
        }
        pointer = base.assumingMemoryBound(to: Element.self)
        self.count = count
        self.owner = owner
    }

    /// Some of the elements, where they lie.
    package subscript(range: Range<Int>) -> Block {
        Block(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: elements[range])), count: range.count, owner: owner)
    }

    package var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: pointer, count: count) }
}

/// What blocks are made of.
package protocol BlockElement: BitwiseCopyable, Sendable {
    /// The number format's name in a safetensors file.
    static var storedName: String { get }
}

extension Float: BlockElement {
    package static var storedName: String { "F32" }
}
extension Double: BlockElement {
    package static var storedName: String { "F64" }
}
extension Int32: BlockElement {
    package static var storedName: String { "I32" }
}
extension Int8: BlockElement {
    package static var storedName: String { "I8" }
}
extension UInt8: BlockElement {
    package static var storedName: String { "U8" }
}
