import DragomanEngine
import Foundation
import Inference
import TestKit
import TestModels
import Testing

/// What transformers gives for a model of every family; what is odd about each is in `Tests/Goldens/families.py`.
@Suite struct FamilyGoldenTests {
    @Test func `there is a golden model of every family`() {
        let names = Set(GeneratedFamily.all.map(\.name))
        for name in [
            "bart", "bart-untied", "blenderbot-small", "byt5", "fsmt", "fsmt-tied", "m2m-100", "madlad-400", "mbart-25",
            "mbart-50", "mt5", "nllb-200", "pegasus", "plbart", "small-100", "t5", "t5-1.1", "t5-copies",
            "t5-prompts", "umt5",
        ] { #expect(names.contains(name), "\(name)") }
    }

    @Test(arguments: GeneratedFamily.all)
    func `tokens and scores are those of transformers`(family: GeneratedFamily) throws {
        for seed in family.seeds {
            let folder = try TemporaryFolder()
            try family.write(seed: seed, to: folder.url)
            let model = try FamilyModel(folder.url, precision: .float32)
            let cases = family.cases.filter { $0.seed == seed }
            let results = model.run(try cases.map(model.job), together: 5)
            for (index, (golden, found)) in zip(cases, results).enumerated() {
                let place = Comment("case \(index) of seed \(seed): \(golden.body)")
                try #require(found.count == golden.hypotheses.count, place)
                for (expected, found) in zip(golden.hypotheses, found) {
                    #expect(found.tokens == expected.tokens, place)
                    #expect(abs(found.score - expected.score) < 1e-4 * max(1, abs(expected.score)), place)
                    try #require(found.tokenScores.count == expected.tokenScores.count, place)
                    for (a, b) in zip(found.tokenScores, expected.tokenScores) { #expect(abs(a - b) < 1e-4, place) }
                }
            }
        }
    }

    @Test(arguments: GeneratedFamily.all, [Precision.float32, .int8])
    func `outputs have the same bits in every batch, and packed`(
        family: GeneratedFamily, precision: Precision
    ) throws {
        let folder = try TemporaryFolder(), packed = try TemporaryFolder()
        try family.write(seed: 1, to: folder.url)
        try PackedFolder.write(folder.url, to: packed.url, precision: precision)
        let model = try FamilyModel(folder.url, precision: precision)
        let copy = try FamilyModel(packed.url, precision: precision)
        #expect(copy.bundle.configuration == model.bundle.configuration)
        #expect(copy.bundle.defaults == model.bundle.defaults)
        #expect(copy.bundle.languages == model.bundle.languages)
        let jobs = try family.cases.filter { $0.seed == 1 }.map(model.job)
        let alone = model.run(jobs, together: 1)
        for others in [model.run(jobs, together: jobs.count), copy.run(jobs, together: 3)] {
            for (a, b) in zip(alone, others) {
                #expect(a.map(\.tokens) == b.map(\.tokens))
                #expect(a.map { $0.score.bitPattern } == b.map { $0.score.bitPattern })
                #expect(a.map { $0.tokenScores.map(\.bitPattern) } == b.map { $0.tokenScores.map(\.bitPattern) })
            }
        }
    }
}
