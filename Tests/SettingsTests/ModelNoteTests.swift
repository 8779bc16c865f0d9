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

    @Test("there is a note where the default model is not one of those named")
    func standard() throws {
        func note(_ yaml: String) throws -> String? {
            let report = try read(yaml)
            #expect(report.problems == [])
            return ModelSettings.note(onDefault: report.settings.broker.defaultModel, among: report.settings.models)
        }
        #expect(try note("models: {}\n") == nil)
        #expect(try note("broker:\n  default_model: demo-en-fr\n") == nil)
        #expect(try note("broker:\n  default_model: x\nmodels:\n  x:\n    directory: /m/x\n") == nil)
        let missing = try note("broker:\n  default_model: y\nmodels:\n  x:\n    directory: /m/x\n")
        #expect(missing?.contains("broker.default_model is y, which is not among the models here (x)") == true)
    }
}
