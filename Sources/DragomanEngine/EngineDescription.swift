package import Inference
package import Tensors

/// What a translator computes with, and how much a row of it costs: for whoever holds its speed against the machine's.
package struct EngineDescription: Sendable {
    package let configuration: ModelConfiguration
    package let precision: Precision
    package let kernels: Kernels
    package let threads: Int
    /// In tokens; see `Translator.Settings`.
    package let batchTokens: Int

    init(
        configuration: ModelConfiguration, precision: Precision, kernels: Kernels, settings: Translator.Settings
    ) {
        self.configuration = configuration
        self.precision = precision
        self.kernels = kernels
        threads = settings.threads
        batchTokens = settings.batchTokens
    }

    /// The multiply-adds with weights that some work takes.
    package func multiplyAdds(of work: ComputedWork) -> Double {
        Double(work.encodedTokens) * Double(Transformer.multiplyAdds(of: .encoder, configuration))
            + Double(work.rows) * Double(Transformer.multiplyAdds(of: .decoder, configuration))
    }

    /// The bytes of weights that some work reads, if each group and each step reads them once.
    package func weightBytes(of work: ComputedWork) -> Double {
        func bytes(_ side: TensorName.Side) -> Double {
            Double(Transformer.packedBytes(of: side, configuration, precision: precision))
        }
        return Double(work.groups) * bytes(.encoder) + Double(work.steps) * bytes(.decoder)
            - Double(work.screenedSteps) * Double(Transformer.screenedBytes(configuration))
            + Double(work.screenedGroups) * Double(Transformer.groupBytes(configuration))
    }

    /// The share of the output layer's columns that had to be computed in steps whose products with it were bounded first;
    /// nil when there was no such step.
    package func screenedShare(of work: ComputedWork) -> Double? {
        guard work.screenedRows > 0 else { return nil }
        let groups = Transformer.outputGroups(configuration)
        return Double(work.screenedGroups) / Double(work.screenedRows * groups)
    }

    /// Measures what the machine can do at best with such a model.
    package func machineSpeed() -> MachineSpeed {
        // As large as the weights, so that it is read from where they are; but a second copy of large ones, which no cache
        // holds, would tell no more, and be the most memory that a benchmark takes.
        MachineSpeed(
            kernels: kernels, bytes: min(Transformer.packedBytes(configuration, precision: precision), 256 << 20))
    }
}
