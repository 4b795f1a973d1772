/// Tells ranges that do not fit together for good from a bucket that changes where they meet.
///
/// What comes next behind a seam is asked for in two ways: by a page that begins below the seam and reaches over it, then
/// from the seam itself, then by a page from below again. In a bucket from which keys go the answers ascend, in one that
/// keys are added to they descend; only a key that stood before and after, and was missing in between (or the reverse),
/// shows a server that does not list the same keys whatever key it begins after.
struct SeamSurvey {
    /// What a page from below told first.
    let before: RangeSeams.Next
    /// What came next from the seam itself.
    let between: RangeSeams.Next
    /// What a page from below told last.
    let after: RangeSeams.Next

    /// Whether the server does not list the same keys in both ways.
    var isContradiction: Bool { before == after && between != before }
}
