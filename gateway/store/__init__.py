"""The only package that speaks SQL: SQLAlchemy Core, plain functions, ``tx`` first."""
