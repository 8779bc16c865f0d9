package import Tensors

/// Weights in several files, whose index says which tensor lies in which (`model.safetensors.index.json`).
package struct ShardedWeights: WeightsFile {
    package let path: String
    package var byteCount: Int { shards.reduce(0) { $0 + $1.byteCount } }
    package let names: [String]

    private let shards: [any WeightsFile]
    /// By a tensor's name, the position of its file in `shards`.
    private let places: [ExactString: Int]

    /// Reads the index called `name` in a folder, and opens every file that it names.
    ///
    /// - Parameter open: Opens the file of a name in the folder.
    init(
        index name: String, in folder: ModelFolder, open: (String) throws(ModelError) -> any WeightsFile
    ) throws(ModelError) {
        let index = try folder.settings(name, byteCountMax: ModelFolder.vocabularyBytesMax)
        path = index.file
        guard case .object(let map)? = index["weight_map"], !map.isEmpty else {
            throw ModelError(
                .invalidValue, file: index.file, "weight_map is not given",
                expected: "an object that names each tensor's file")
        }
        var numbers: [String: Int] = [:]
        var shards: [any WeightsFile] = []
        var places: [ExactString: Int] = [:]
        for (tensor, value) in map.sorted(by: { $0.key.text < $1.key.text }) {
            // A name with a slash would lead out of the folder.
            guard case .string(let file) = value, !file.isEmpty, !file.utf8.contains(UInt8(ascii: "/")) else {
                throw ModelError(
                    .invalidValue, file: index.file, tensor: tensor.text, "weight_map does not name its file",
                    expected: "the name of a file in this folder", found: value.summary)
            }
            let number: Int
            if let known = numbers[file] {
                number = known
            } else {
                guard folder.contains(file) else {
                    throw ModelError(
                        .missingFile, file: folder.path(file), "\(name) names this part of the weights",
                        remedy: "download it too")
                }
                number = shards.count
                numbers[file] = number
                shards.append(try open(file))
            }
            guard shards[number].contains(tensor.text) else {
                throw ModelError(
                    .missingTensor, file: shards[number].path, tensor: tensor.text,
                    "\(name) says that it is in this file, which does not have it")
            }
            places[tensor] = number
        }
        self.shards = shards
        self.places = places
        names = places.keys.map(\.text).sorted()
    }

    package func path(of name: String) -> String { shard(of: name)?.path ?? path }

    package func shape(of name: String) -> [Int]? { shard(of: name)?.shape(of: name) }

    package func format(of name: String) throws(ModelError) -> String { try existing(name).format(of: name) }

    package func tensor(_ name: String, as shape: [Int]?) throws(ModelError) -> StoredTensor {
        try existing(name).tensor(name, as: shape)
    }

    private func shard(of name: String) -> (any WeightsFile)? { places[ExactString(name)].map { shards[$0] } }

    private func existing(_ name: String) throws(ModelError) -> any WeightsFile {
        guard let shard = shard(of: name) else {
            throw ModelError(.missingTensor, file: path, tensor: name, "no file of the index has it")
        }
        return shard
    }
}
