/// Where a column lies among its panels.
struct PanelPlace {
    /// Columns before the group of four panels.
    let groupStart: Int
    /// How many panels the group has.
    let groupPanels: Int
    /// The column's panel in the group, and its lane in the panel.
    let panel: Int
    let lane: Int

    init(column: Int, columns: Int) {
        groupStart = column / 64 * 64
        groupPanels = min(4, ((columns + 15) / 16) - groupStart / 16)
        panel = (column - groupStart) / 16
        lane = column % 16
    }
}
