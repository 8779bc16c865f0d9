import Tensors
import Testing

@Suite("Instruction sets are found by name")
struct KernelsTests {
    @Test("the portable one is always there, and last")
    func portable() {
        #expect(Kernels.available.last?.name == "portable")
        #expect(Kernels.best.name == Kernels.available[0].name)
        #expect(Kernels.named("portable") != nil)
        #expect(Kernels.named("mmx") == nil)
        #expect(Kernels.knownNames.contains("portable"))
    }
}
