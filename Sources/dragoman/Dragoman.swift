import DragomanEngine
import Foundation
@main struct Dragoman { static func main() async throws {
  var s = Translator.Settings(); s.precision = CommandLine.arguments.contains("f32") ? .float32 : .int8
  s.instructionSet = ProcessInfo.processInfo.environment["DRAGOMAN_ISA"]
  let t = try Translator(settings: s)
  while let l = readLine() { let r = try await t.translate(TranslationRequest(.text(l))); print(r.hypotheses[0].text, r.hypotheses[0].score) }
} }
