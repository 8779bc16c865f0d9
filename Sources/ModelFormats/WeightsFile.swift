package import Tensors

/// A file, or a set of files, of tensors with names: what a family's reader takes a model's weights from.
package protocol WeightsFile: Sendable {
    /// The file's path; of several files, that of their index.
    var path: String { get }
    /// The size of all files, in bytes.
    var byteCount: Int { get }
    /// The tensors' names, sorted.
    var names: [String] { get }

    /// The path of the file that holds the tensor called `name`, for errors.
    func path(of name: String) -> String

    /// The extents of the tensor called `name`; `nil` when there is none.
    func shape(of name: String) -> [Int]?

    /// The number format of the tensor called `name`, for people: `float16`.
    ///
    /// - Throws: `ModelError.Code.unsupported` when the engine does not compute with it.
    func format(of name: String) throws(ModelError) -> String

    /// Returns a view of the tensor called `name`; its numbers are not looked at.
    ///
    /// - Parameter shape: other extents of as many elements to see it in.
    func tensor(_ name: String, as shape: [Int]?) throws(ModelError) -> StoredTensor
}

extension WeightsFile {
    package func path(of name: String) -> String { path }

    package func contains(_ name: String) -> Bool { shape(of: name) != nil }

    package func tensor(_ name: String) throws(ModelError) -> StoredTensor { try tensor(name, as: nil) }
}
