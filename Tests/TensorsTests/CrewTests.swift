import CKernels
import Foundation
import Synchronization
import Tensors
import TestKit
import Testing

@Suite("A crew computes what one thread computes") struct CrewTests {
    /// A random product, large enough to be shared, and what one thread makes of it.
    private final class Work: @unchecked Sendable {
        // `@unchecked Sendable`: written only before it is shared, but for `output`, which belongs to one leader.
        let rows: Int, depth: Int, columns: Int
        let levels: AlignedBuffer<UInt8>, rowScales: AlignedBuffer<Float>
        let panels: AlignedBuffer<Int8>, scales: AlignedBuffer<Float>, offsets: AlignedBuffer<Int32>
        let bias: AlignedBuffer<Float>, output: AlignedBuffer<Float>
        let nibbles: AlignedBuffer<UInt8>, errors: AlignedBuffer<Float>, bounds: AlignedBuffer<Float>
        private(set) var expected: [UInt32] = []

        init(_ random: inout SeededRandom) {
            rows = random.integer(1...20)
            depth = 64 * random.integer(4...8)
            columns = random.integer(600...1000)
            let padded = (columns + 15) / 16 * 16
            levels = AlignedBuffer(count: rows * depth)
            rowScales = AlignedBuffer(count: rows)
            panels = AlignedBuffer(count: dragoman_int8_panel_bytes(depth, columns))
            scales = AlignedBuffer(count: padded)
            offsets = AlignedBuffer(count: padded)
            bias = AlignedBuffer(count: padded)
            output = AlignedBuffer(count: rows * columns)
            nibbles = AlignedBuffer(count: panels.count / 2)
            errors = AlignedBuffer(count: padded)
            bounds = AlignedBuffer(
                count: min(rows, Kernels.best.table.pointee.screened_rows) * Crew.groups(columns: columns))
            for index in 0..<levels.count { levels.pointer[index] = UInt8(random.integer(0...255)) }
            for row in 0..<rows { rowScales.pointer[row] = Float(random.integer(1...9)) * 0.01 }
            for column in 0..<columns { bias.pointer[column] = Float(random.integer(-9...9)) }
            let weights = random.floats(columns * depth)
            dragoman_pack_int8(
                weights, depth, columns, 0, columns, panels.pointer, scales.pointer, offsets.pointer)
            dragoman_pack_screen(panels.pointer, depth, columns, nibbles.pointer, errors.pointer)
            expected = result(of: Crew())
        }

        private var screenedRows: Int { min(rows, Kernels.best.table.pointee.screened_rows) }

        /// The bits of the product's entries, and of what bounds those of its first rows.
        func result(of crew: Crew) -> [UInt32] {
            // The output is the residual, so that a column computed twice shows.
            for index in 0..<output.count { output.pointer[index] = Float(index % 7) }
            compute(
                rows: rows,
                .entries(
                    dragoman_epilogue(
                        bias: bias.pointer, residual: output.pointer, residual_stride: columns,
                        output: output.pointer, output_stride: columns, activation: DRAGOMAN_ACTIVATION_RELU)),
                with: crew)
            for index in 0..<bounds.count { bounds.pointer[index] = .nan }
            if screenedRows > 0 {
                compute(
                    rows: screenedRows,
                    .bounds(
                        dragoman_int8_screen(
                            nibbles: nibbles.pointer, errors: errors.pointer, bias: bias.pointer,
                            bounds: bounds.pointer, stride: Crew.groups(columns: columns))), with: crew)
            }
            return [output, bounds].flatMap { buffer in
                (0..<buffer.count).map { buffer.pointer[$0].bitPattern }
            }
        }

        private func compute(rows: Int, _ result: Crew.Product.Result, with crew: Crew) {
            crew.compute(
                Crew.Product(
                    kernels: .best,
                    rows: dragoman_int8_rows(
                        levels: levels.pointer, scales: rowScales.pointer, rows: rows, stride: depth),
                    matrix: dragoman_int8_matrix(
                        panels: panels.pointer, scales: scales.pointer, offsets: offsets.pointer, depth: depth,
                        columns: columns),
                    result: result))
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    /// Runs `body` while threads help.
    private func withHelpers(_ count: Int, of crew: Crew, _ body: () -> Void) {
        let stop = Flag(), left = DispatchGroup()
        for _ in 0..<count {
            left.enter()
            Thread.detachNewThread {
                while !stop.isSet.load(ordering: .relaxed) { crew.help { stop.isSet.load(ordering: .relaxed) } }
                left.leave()
            }
        }
        while crew.size < count { usleep(100) }
        body()
        stop.isSet.store(true, ordering: .relaxed)
        left.wait()
        #expect(crew.size == 0)
    }

    @Test("with any number of helpers, product after product", arguments: [1, 2, 5])
    func sameBits(helpers: Int) {
        var random = SeededRandom(seed: UInt64(helpers))
        let works = (0..<8).map { _ in Work(&random) }
        let crew = Crew()
        withHelpers(helpers, of: crew) {
            for round in 0..<200 {
                let work = works[round % works.count]
                #expect(work.result(of: crew) == work.expected)
            }
        }
    }

    @Test("two leaders at a time do not meet")
    func leaders() {
        var random = SeededRandom(seed: 9)
        let works = (0..<2).map { _ in Work(&random) }
        let crew = Crew(), ended = DispatchGroup(), mistakes = Mutex(0)
        withHelpers(1, of: crew) {
            for work in works {
                ended.enter()
                Thread.detachNewThread {
                    for _ in 0..<200 where work.result(of: crew) != work.expected { mistakes.withLock { $0 += 1 } }
                    ended.leave()
                }
            }
            ended.wait()
        }
        #expect(mistakes.withLock { $0 } == 0)
    }

    @Test("a helper to whom nothing is offered gives up, and one that is called goes at once")
    func patience() {
        let crew = Crew()
        crew.help { false }
        var looks = 0
        crew.help {
            looks += 1
            return true
        }
        #expect(looks == 1 && crew.size == 0)
    }
}
