import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

@Suite struct LinearTests {
    @Test(arguments: [(6, 8), (512, 512), (1020, 1020), (1022, 1088), (1024, 1088), (1028, 1028), (2048, 2112)])
    func `rows are no multiple of 1 KiB apart`(width: Int, stride: Int) {
        #expect(Rows.levelStride(width) == stride)
    }

    /// The inner width of the demo model's feed-forward layers is one of those whose rows have gaps between them.
    @Test(arguments: Kernels.available, Precision.allCases)
    func `some columns, and one row, have the bits that they have in the whole product`(
        kernels: Kernels, precision: Precision
    ) throws {
        let bundle = try ModelBundle.load(Golden("demo-en-fr").model)
        let depth = bundle.configuration.decoder.feedForwardWidth, columns = bundle.configuration.width
        #expect(Rows.levelStride(depth) > depth)
        let layer = try Linear(
            "down", [.feedForward(.decoder, 0, .down, bundle.configuration)], depth: depth, partColumns: columns,
            precision: precision, from: bundle.weights)
        let workspace = Workspace(
            rows: 20, configuration: bundle.configuration, precision: precision, kernels: kernels)

        var random = SeededRandom(seed: 9)
        for count in [1, 3, 18] {
            let values = random.floats(count * depth)
            values.withUnsafeBufferPointer { values in
                let rows = workspace.rows(values.baseAddress!, width: depth, count: count)
                func product(of rows: Rows, columns part: Range<Int>) -> [Float] {
                    var output = [Float](repeating: .nan, count: rows.count * part.count)
                    output.withUnsafeMutableBufferPointer {
                        layer.apply(rows, columns: part, into: $0.baseAddress!, stride: part.count, in: workspace)
                    }
                    return output
                }
                let whole = product(of: rows, columns: 0..<columns)
                let part = 64..<columns
                let expected = (0..<count).flatMap { whole[$0 * columns..<($0 + 1) * columns].dropFirst(64) }
                #expect(product(of: rows, columns: part) == expected)
                let last = rows.row(count - 1, width: depth)
                #expect(product(of: last, columns: 0..<columns) == Array(whole.suffix(columns)))
            }
        }
    }

    /// The levels of a file are the engine's own, and what they are worth is what the file says.
    @Test(arguments: [16, 33])
    func `weights that are levels compute as the levels that they would be rounded to`(depth: Int) throws {
        var random = SeededRandom(seed: 12)
        let columns = 40, count = 3
        let weights = random.floats(columns * depth)
        func source(_ isQuantised: Bool) -> OneTensor {
            let levels = AlignedBuffer<Int8>(count: weights.count), floats = AlignedBuffer<Float>(count: weights.count)
            var scales: [Float] = []
            for column in 0..<columns {
                let row = column * depth..<(column + 1) * depth
                let peak = weights[row].reduce(0) { max($0, abs($1)) }
                scales.append(peak / 127)
                for index in row {
                    levels.pointer[index] = Int8((weights[index] * (127 / peak)).rounded(.toNearestOrEven))
                    floats.pointer[index] = weights[index]
                }
            }
            return OneTensor(
                tensor: isQuantised
                    ? StoredTensor(
                        elementType: .int8, shape: [columns, depth],
                        bytes: UnsafeRawBufferPointer(start: levels.pointer, count: levels.byteCount),
                        rowScales: Block(scales), owner: levels)
                    : StoredTensor(
                        elementType: .float32, shape: [columns, depth],
                        bytes: UnsafeRawBufferPointer(start: floats.pointer, count: floats.byteCount), owner: floats))
        }
        let configuration = try ModelBundle.load(Golden("marian-shared").model).configuration
        let values = random.floats(count * depth)
        func product(_ isQuantised: Bool) throws -> [Float] {
            let layer = try Linear(
                "one", [TensorPair(weight: .output(.weight), bias: nil)], depth: depth, partColumns: columns,
                precision: .int8, from: source(isQuantised))
            let workspace = Workspace(rows: 20, configuration: configuration, precision: .int8, kernels: .best)
            var output = [Float](repeating: .nan, count: count * columns)
            values.withUnsafeBufferPointer { values in
                let rows = workspace.rows(values.baseAddress!, width: depth, count: count)
                output.withUnsafeMutableBufferPointer {
                    layer.apply(rows, into: $0.baseAddress!, stride: columns, in: workspace)
                }
            }
            return output
        }
        #expect(try product(true) == product(false))
    }

    private struct OneTensor: TensorSource {
        var tensor: StoredTensor

        func tensor(_ name: TensorName, shape: [Int]) throws -> StoredTensor { tensor }
    }
}
