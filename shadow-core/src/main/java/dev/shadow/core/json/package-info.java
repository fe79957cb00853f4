/** Profiles, replicas, reports and events as JSON. */
@NullMarked
package dev.shadow.core.json;

import org.jspecify.annotations.NullMarked;
