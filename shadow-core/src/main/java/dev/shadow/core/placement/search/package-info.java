/** What every anytime search of this library shares: budget, seeded streams of chance, cooling, the best found so far. */
@NullMarked
package dev.shadow.core.placement.search;

import org.jspecify.annotations.NullMarked;
