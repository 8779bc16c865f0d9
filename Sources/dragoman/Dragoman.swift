import DragomanEngine
import Foundation
@main struct Dragoman { static func main() async throws {
  let a = CommandLine.arguments
  var s = Translator.Settings(); s.precision = a.contains("f32") ? .float32 : .int8
  s.instructionSet = ProcessInfo.processInfo.environment["DRAGOMAN_ISA"]
  s.threads = Int(ProcessInfo.processInfo.environment["THREADS"] ?? "1")!
  s.batchTokens = Int(ProcessInfo.processInfo.environment["BATCH"] ?? "1024")!
  let t = try Translator(settings: s)
  let lines = try String(contentsOfFile: a[1], encoding: .utf8).split(separator: "\n").map(String.init).prefix(Int(a[2])!)
  var o = TranslationOptions(); o.decoding.beamSize = Int(a[3])!
  let t0 = Date()
  let oo = o
  var out = [String](repeating: "", count: lines.count); var toks = 0
  if a.contains("one") { for (i,l) in lines.enumerated() { let r = try await t.translate(TranslationRequest(.text(l), options: oo)); out[i]=r.hypotheses[0].text; toks += r.hypotheses[0].tokens.count } } else {
  try await withThrowingTaskGroup(of: (Int,String,Int).self) { g in
    for (i,l) in lines.enumerated() { g.addTask { let r = try await t.translate(TranslationRequest(.text(l), options: oo)); return (i, r.hypotheses[0].text, r.hypotheses[0].tokens.count) } }
    for try await (i,x,n) in g { out[i]=x; toks += n }
  } }
  let dt = Date().timeIntervalSince(t0)
  FileHandle.standardError.write("\(lines.count) lines \(dt) s, \(Double(toks)/dt) tok/s\n".data(using: .utf8)!)
  print(out.joined(separator: "\n"))
} }
