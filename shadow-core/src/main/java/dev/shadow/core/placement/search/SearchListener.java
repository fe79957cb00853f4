package dev.shadow.core.placement.search;

/**
 * Hears of a search's progress. Called on the search threads, by one at a time; the search waits, so be quick. What is
 * thrown ends the search.
 */
@FunctionalInterface
public interface SearchListener {
    /** Something is new: a better objective, or enough time has passed. */
    void progressed(SearchProgress progress);

    /** Hears nothing. */
    static SearchListener deaf() {
        return progress -> {};
    }
}
