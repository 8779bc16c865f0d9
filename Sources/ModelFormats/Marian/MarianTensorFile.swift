/// A file of tensors as Marian writes it: `model.npz`, or its own `.bin`.
package protocol MarianTensorFile: WeightsFile {
    /// The bytes of an entry that is no tensor of numbers: `special:model.yml`; nil when there is none.
    func text(_ name: String) throws(ModelError) -> [UInt8]?

    /// Whether a matrix lies in the file with its rows and columns exchanged, whatever its extents say.
    func isTransposed(_ name: String) -> Bool
}

extension MarianTensorFile {
    package func isTransposed(_ name: String) -> Bool { false }
}
