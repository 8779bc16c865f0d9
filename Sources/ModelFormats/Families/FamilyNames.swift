package import Inference

/// What a family calls its tensors, as data: with it, `FamilyWeights` reads the family's files.
package struct FamilyNames: Sendable {
    /// The files' name for a tensor; nil where the family has no such part.
    package var stored: @Sendable (TensorName) -> String?
    /// The name of the table that both sides, and perhaps the output, share.
    package var shared: String
    /// The values of a tensor that the family computes and the files do not have, by its extents; nil for all others.
    package var computed: @Sendable (TensorName, _ shape: [Int]) -> [Float]?

    package init(
        stored: @escaping @Sendable (TensorName) -> String?, shared: String,
        computed: @escaping @Sendable (TensorName, _ shape: [Int]) -> [Float]? = { _, _ in nil }
    ) {
        self.stored = stored
        self.shared = shared
        self.computed = computed
    }

    /// The name of a tensor that every family has.
    ///
    /// - Precondition: The family has it.
    func required(_ name: TensorName) -> String {
        guard let stored = stored(name) else { preconditionFailure("a family without \(name)") }
        return stored
    }
}
