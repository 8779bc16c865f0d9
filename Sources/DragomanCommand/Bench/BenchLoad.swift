package import DragomanEngine
package import Inference
package import Tensors

/// How much of what the machine can do a measurement took, and how full its batches were.
package struct BenchLoad: Sendable {
    package let instructionSet: String
    package let machine: MachineSpeed
    private let isInt8: Bool
    /// Multiply-adds with weights, a second and thread.
    package let multiplyAdds: Double
    /// Bytes of weights read a second and thread, if each step reads them once.
    package let weightBytes: Double
    /// The share of the output layer's columns that were computed where they were bounded first; nil if they never were.
    package let screenedShare: Double?
    /// The rows of a decoding step: the hypotheses that are decoded together.
    package let stepRows: Double
    /// The part of the batch's budget that was in use.
    package let budgetShare: Double
    package let groupSegments: Double
    /// The part of the encoder's rows that would be padding if every group that was encoded together were padded to its
    /// longest segment; rows are packed, so that none is.
    package let paddingAvoided: Double

    /// - Parameters:
    ///   - work: What all threads did in `seconds`.
    package init(_ work: ComputedWork, seconds: Double, engine: EngineDescription, machine: MachineSpeed) {
        func ratio(_ a: Int, _ b: Int) -> Double { b == 0 ? 0 : Double(a) / Double(b) }
        self.machine = machine
        isInt8 = engine.precision == .int8
        instructionSet = engine.kernels.name
        let threadSeconds = seconds * Double(engine.threads)
        multiplyAdds = engine.multiplyAdds(of: work) / threadSeconds
        weightBytes = engine.weightBytes(of: work) / threadSeconds
        screenedShare = engine.screenedShare(of: work)
        stepRows = ratio(work.rows, work.steps)
        budgetShare = ratio(work.budgetUsed, work.steps * engine.batchTokens)
        groupSegments = ratio(work.segments, work.groups)
        paddingAvoided = ratio(work.paddedTokens - work.encodedTokens, work.paddedTokens)
    }

    /// The share of the instruction set's int8 peak; nil where there is none, or products are not of integers.
    package var peakShare: Double? { isInt8 ? machine.int8MultiplyAdds.map { multiplyAdds / $0 } : nil }

    package var memoryShare: Double { weightBytes / machine.memoryBytes }

    /// For people: a name and a value a line.
    package var lines: [String] {
        let giga = 1e-9
        var products = "products     \(Self.short(multiplyAdds * giga)) G multiply-adds/s a core with \(instructionSet)"
        if let peak = machine.int8MultiplyAdds, let peakShare {
            products += ": \(Self.percent(peakShare)) of its int8 peak of \(Self.short(peak * giga))"
        }
        var lines = [
            products,
            "weights      \(Self.short(weightBytes * giga)) GB/s a core: \(Self.percent(memoryShare)) of the "
                + "\(Self.short(machine.memoryBytes * giga)) GB/s at which they can be read",
            "batches      \(Self.short(stepRows)) hypotheses a step, \(Self.percent(budgetShare)) of the budget; "
                + "\(Self.short(groupSegments)) segments encoded at a time",
            "padding      none; it would be \(Self.percent(paddingAvoided)) of the encoder's rows",
        ]
        if let screenedShare {
            lines.append(
                "logits       bounded, where few hypotheses were decoded; "
                    + "\(Self.percent(screenedShare)) of those were computed then")
        }
        return lines
    }

    func write(to json: inout JSONText) {
        json.object { json in
            json.key("instruction_set")
            json.string(instructionSet)
            for (key, value) in [
                ("multiply_adds_per_s", multiplyAdds), ("int8_peak_per_s", machine.int8MultiplyAdds),
                ("int8_peak_share", peakShare), ("weight_bytes_per_s", weightBytes),
                ("memory_bytes_per_s", machine.memoryBytes), ("memory_share", memoryShare),
                ("screened_share", screenedShare), ("rows_per_step", stepRows), ("budget_share", budgetShare),
                ("segments_per_group", groupSegments),
                ("encoder_padding_avoided", paddingAvoided),
            ] as [(String, Double?)] {
                guard let value else { continue }
                json.key(key)
                json.number(Float(value))
            }
        }
    }

    private static func short(_ value: Double) -> String { BenchFigures.short(value) }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
