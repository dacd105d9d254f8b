/** Kafka RecordBatch v2 as stored: header view, record walk, checks and stamps. */
@NullMarked
package io.taffrail.log.batch;

import org.jspecify.annotations.NullMarked;
