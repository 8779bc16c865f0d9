import Settings
import Testing

@Suite("The demo model beside models that are configured")
struct ModelNoteTests {
    @Test("is offered where no model is named, and where it is one of those named; otherwise there is a note")
    func demo() throws {
        func note(_ yaml: String) throws -> String? {
            let report = try read(yaml)
            #expect(report.problems == [])
            return ModelSettings.note(on: report.settings.models)
        }
        #expect(try note("models: {}\n") == nil)
        #expect(try note("models:\n  x:\n    directory: /m/x\n  demo-en-fr: {}\n") == nil)
        let missing = try note("models:\n  x:\n    directory: /m/x\n")
        #expect(missing?.contains("demo-en-fr is not offered") == true)
        #expect(missing?.contains("\"demo-en-fr: {}\" under models") == true)
    }
}
