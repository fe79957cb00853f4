package dev.shadow.core.placement.reassign;

import dev.shadow.core.placement.search.BudgetMeter;

/**
 * The part of a budget that one annealing may use: from what others have used before it up to an end.
 *
 * @param meter of the whole budget
 * @param end where this stretch ends, above 0; 1 is the end of the budget
 * @param stepsBefore steps made before it
 */
record Stretch(BudgetMeter meter, double end, long stepsBefore) {
    /** Returns 1 or more when the stretch is over, after so many of its own steps. */
    double used(long steps) {
        return meter.used(stepsBefore + steps) / end;
    }

    long elapsedNanos() {
        return meter.elapsedNanos();
    }
}
