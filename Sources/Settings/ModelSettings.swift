/// A model that workers offer.
package struct ModelSettings: Sendable, Equatable {
    /// A file's weights are quantised to this as they are loaded.
    package enum Precision: String, Sendable, CaseIterable {
        case int8
        case float32
    }

    package var name: String
    /// nil only if the name is `demo`'s: the model that is part of the program.
    package var directory: String?
    /// The languages go over what the model's files say; of a model of several, they choose.
    package var sourceLanguage: String?
    package var targetLanguage: String?
    package var precision = Precision.int8
    package var shortlist = false
    package var preload = false

    package init(name: String) { self.name = name }

    /// What is offered when no model is named.
    package static let demo: ModelSettings = {
        var model = ModelSettings(name: "demo-en-fr")
        model.sourceLanguage = "en"
        model.targetLanguage = "fr"
        model.preload = true
        return model
    }()

    /// What to say to those who name models and may expect the demo model to stay; nil: nothing.
    package static func note(on models: [ModelSettings]) -> String? {
        if models.contains(where: { $0.name == demo.name }) { return nil }
        return "the demo model \(demo.name) is not offered, because other models are configured; to offer it as well, "
            + "add \"\(demo.name): {}\" under \(Settings.modelsSection)"
    }

    /// What to say where one process is the broker and a worker, and that worker lacks the broker's default model.
    /// It is no mistake if another worker has it. nil: nothing.
    package static func note(onDefault name: String?, among models: [ModelSettings]) -> String? {
        guard let name, !models.contains(where: { $0.name == name }) else { return nil }
        let offered = models.map(\.name).joined(separator: ", ")
        return "broker.default_model is \(name), which is not among the models here (\(offered)): "
            + "jobs that name no model are refused until another worker offers it"
    }

    /// What can be set under a model's name.
    package static let table: [Setting<ModelSettings>] = [
        .init(
            "directory", \.directory, .text(.path, empty: "the demo model (for the name demo-en-fr only)"),
            .restart,
            """
            The model's files: a folder of Hugging Face, CTranslate2 or Marian, a package of Argos Translate, a \
            packed model, or the name of a model that dragoman model pull has fetched.
            """),
        .init(
            "source_language", \.sourceLanguage, .text(.language, empty: "as the model's files say"), .restart,
            """
            A job that names a pair of languages and no model goes to the first model by name that translates it. A model \
            of several languages is offered for all of them, unless this names one.
            """),
        .init(
            "target_language", \.targetLanguage, .text(.language, empty: "as the model's files say"), .restart,
            "The other language of the pair, in the same way."),
        .init(
            "precision", \.precision, .choice, .restart,
            "int8 is several times faster; float32 is the reference."),
        .init(
            "shortlist", \.shortlist, .flag, .restart,
            """
            Choose each sentence's tokens from the lexical shortlist in the model's folder. Faster, but words outside the \
            list cannot be produced. Only for models in Marian's own format, and packed models made from them with \
            --shortlist. Not needed where the model's config.yml names the shortlist.
            """),
        .init(
            "preload", \.preload, .flag, .restart,
            "Load the model when the worker starts: the first job does not wait, and the memory is taken."),
    ]
}
