import DragomanCommand
import Settings
import Testing

struct ManualTests {
    let pages: [String: String]

    init() throws {
        pages = Dictionary(uniqueKeysWithValues: try Manual.pages().map { ($0.name, $0.text) })
    }

    @Test func `every command that help shows has a page`() {
        for name in ["dragoman.1", "dragoman-translate.1", "dragoman-model-pull.1", "dragoman-store-check.1"] {
            #expect(pages[name] != nil, "\(name)")
        }
        #expect(pages["dragoman-manual.1"] == nil)
        #expect(pages["dragoman-help.1"] == nil)
    }

    @Test func `a page has the options, with minus signs that can be copied`() throws {
        let page = try #require(pages["dragoman-translate.1"])
        #expect(page.contains("\\fB\\-\\-beam\\-size n\\fR"))
        #expect(page.contains("dragoman translate \\-\\-model opus\\-mt\\-en\\-de news.txt"))
    }

    @Test func `the page of the configuration has every key`() throws {
        let page = try #require(pages["dragoman.yaml.5"])
        for section in Settings.sections {
            for setting in section.settings {
                #expect(page.contains("\\fB\(section.name).\(setting.name)\\fR\n"), "\(section.name).\(setting.name)")
            }
        }
    }
}
