package dev.shadow.core.placement;

/**
 * A criterion by which hosts that can be used are compared. Decides from its argument alone and never
 * blocks; must give equal answers for equal arguments. May be shared between threads.
 */
@FunctionalInterface
public interface HostScore {
    /** Returns 0 (worst) to 1 (best). */
    double score(Candidate candidate);
}
