/**
 * Planning the shadows of a whole fleet: what a plan costs and what every failure event would do to it, how to find a
 * cheap one, and how far from the cheapest it can be at most.
 */
@NullMarked
package dev.shadow.core.placement.plan;

import org.jspecify.annotations.NullMarked;
