import Settings
import Testing

@Suite("A reload takes up what it can, and names what it cannot")
struct DifferenceTests {
    @Test("nothing changed")
    func equal() {
        let difference = SettingsDifference(from: Settings(), to: Settings())
        #expect(difference.reloadable == [] && difference.needingRestart == [])
        #expect(difference.effective == Settings())
    }

    @Test("changes of both kinds are named, and only those that can be are in effect")
    func bothKinds() {
        var new = Settings()
        new.broker.drainMs = 5000
        new.log.level = .debug
        new.broker.leaseMs = 60_000
        new.store.directory = "/data"
        let difference = SettingsDifference(from: Settings(), to: new)
        #expect(
            difference.reloadable.map(\.description) == ["broker.drain_ms: 30000 -> 5000", "log.level: info -> debug"])
        #expect(
            difference.needingRestart.map(\.description) == [
                "broker.lease_ms: 30000 -> 60000", "store.directory: \"\" -> \"/data\"",
            ])
        var effective = Settings()
        effective.broker.drainMs = 5000
        effective.log.level = .debug
        #expect(difference.effective == effective)
    }

    @Test("models that came, went or changed need a restart")
    func models() {
        var old = Settings()
        var new = Settings()
        old.models = ["a", "b"].map { ModelSettings(name: $0) }
        new.models = ["b", "c"].map { ModelSettings(name: $0) }
        new.models[0].precision = .float32
        let difference = SettingsDifference(from: old, to: new)
        #expect(difference.reloadable == [])
        #expect(
            difference.needingRestart.map(\.description) == [
                "models.a: a -> none", "models.b.precision: int8 -> float32", "models.c: none -> c",
            ])
        #expect(difference.effective == old)
    }

    @Test("the keys of a rule change together, so that half a change never contradicts itself")
    func rulesAreReloadedWhole() {
        let kinds = Dictionary(
            uniqueKeysWithValues: keys.map { ("\($0.section).\($0.setting.name)", $0.setting.change) })
        for rule in Contradiction.all {
            #expect(rule.keys.allSatisfy { kinds[$0] != nil }, "\(rule.keys)")
            #expect(Set(rule.keys.map { kinds[$0] }).count == 1, "\(rule.keys)")
        }
    }
}
