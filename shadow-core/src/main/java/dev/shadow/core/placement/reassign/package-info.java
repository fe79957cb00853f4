/**
 * Moving processes between machines to where they cost least, the problem of the ROADEF/EURO challenge 2012: a public
 * yardstick of the search that places shadows.
 */
@NullMarked
package dev.shadow.core.placement.reassign;

import org.jspecify.annotations.NullMarked;
