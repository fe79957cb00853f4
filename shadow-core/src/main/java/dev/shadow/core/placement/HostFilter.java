package dev.shadow.core.placement;

import dev.shadow.spi.placement.Rejection;
import java.util.List;

/**
 * A hard condition on a host. Decides from its argument alone and never blocks; must give equal answers for
 * equal arguments. May be shared between threads.
 */
@FunctionalInterface
public interface HostFilter {
    /** Returns why the candidate cannot be used, with numbers; empty if the condition holds. */
    List<Rejection> reject(Candidate candidate);
}
