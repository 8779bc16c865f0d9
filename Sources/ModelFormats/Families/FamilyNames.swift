package import Inference

/// What a family calls its tensors, as data: with it, `FamilyWeights` reads the family's files.
package struct FamilyNames: Sendable {
    /// The files' name for a tensor; nil where the family has no such part.
    package var stored: @Sendable (TensorName) -> String?
    /// The name of the table that both sides, and perhaps the output, share.
    package var shared: String
    /// The table of positions that the family computes and that no file need have, by its extents; nil where the
    /// files have the positions, or the family has none.
    package var positions: (@Sendable (_ shape: [Int]) -> [Float])?
    /// What may be in the files and is of no use.
    package var ignored: [String]
    /// Whether tables that the configuration calls one are two where the files have two that differ, as transformers 5 has
    /// it; otherwise such a model is refused.
    package var untiesByFile: Bool

    package init(
        stored: @escaping @Sendable (TensorName) -> String?, shared: String,
        positions: (@Sendable (_ shape: [Int]) -> [Float])? = nil, ignored: [String] = [], untiesByFile: Bool = false
    ) {
        self.stored = stored
        self.shared = shared
        self.positions = positions
        self.ignored = ignored
        self.untiesByFile = untiesByFile
    }

    /// How a tensor that no file need have is computed; nil for all others.
    func computed(_ name: TensorName) -> (@Sendable (_ shape: [Int]) -> [Float])? {
        if case .positions = name { positions } else { nil }
    }

    /// The name of a tensor that every family has.
    ///
    /// - Precondition: The family has it.
    func required(_ name: TensorName) -> String {
        guard let stored = stored(name) else { preconditionFailure("a family without \(name)") }
        return stored
    }
}
