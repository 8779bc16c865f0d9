// Translates within its own process, with the model that is part of the package:
//
//     swift run --configuration release SwiftLibraryExample
import DragomanEngine

// The demo model; for others, Translator(model: folder).
let translator = try Translator()
print(try await translator.translate("Where is the train station?"))

var request = TranslationRequest(.text("Good morning. How are you?"))
request.options.beamSize = 6
request.options.nBest = 3
for hypothesis in try await translator.translate(request).hypotheses {
    // There is no score where options.returnScores is false.
    print(hypothesis.text, hypothesis.score ?? .nan)
}
