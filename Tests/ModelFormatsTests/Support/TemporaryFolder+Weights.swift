import TestKit

extension TemporaryFolder {
    /// Takes `model.safetensors` apart, and writes what `change` makes of it.
    func rewriteWeights(_ change: (inout SafeTensorsBuilder) -> Void) throws {
        var builder = try SafeTensorsBuilder(read("model.safetensors"))
        change(&builder)
        try write("model.safetensors", builder.bytes)
    }
}
