import CKernels
package import Tensors

/// How cached keys and values are stored: as floats, or where products are quantised anyhow, rounded to bfloat16, so
/// that attention, which waits for memory, reads half as much.
package struct KeyValueFormat: Sendable {
    package let isPaired: Bool

    package init(configuration: ModelConfiguration, precision: Precision) {
        isPaired = precision == .int8 && configuration.decoder.headWidth % Int(DRAGOMAN_PAIRED) == 0
    }

    /// The size of so many elements, in bytes.
    package func byteCount(_ elements: Int) -> Int {
        elements * (isPaired ? MemoryLayout<UInt16>.stride : MemoryLayout<Float>.stride)
    }

    /// Stores keys and values in a cached row, from element `first` on.
    package func store(
        _ values: UnsafePointer<Float>, count: Int, in row: UnsafeMutableRawPointer, at first: Int, kernels: Kernels
    ) {
        let place = row + byteCount(first)
        if isPaired {
            kernels.table.pointee.store_paired(values, count, place)
        } else {
            place.copyMemory(from: values, byteCount: byteCount(count))
        }
    }
}
