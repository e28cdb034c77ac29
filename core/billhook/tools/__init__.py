"""Authoring tools: doctor, scaffold, schemas."""
