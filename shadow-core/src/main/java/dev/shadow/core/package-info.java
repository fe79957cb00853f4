/** The manager that keeps every profiled machine supplied with warm shadow replicas. */
@NullMarked
package dev.shadow.core;

import org.jspecify.annotations.NullMarked;
